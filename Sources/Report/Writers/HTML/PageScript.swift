// Written by scripts/embed-page-script.py from page.js: change that file, and run the script.

/// The script of a page, and the hash by which its policy lets a browser run it and nothing else.
enum PageScript {
  /// The SHA-256 of `text` in Base64.
  static let hash = "pnFCLXxQiuDdGgJt4vGzkc5nZcJ3JN3d4WoweNGDhxU="
  /// The SHA-256 of `page.js`, by which a test sees that it has changed.
  static let sourceHash = "2N+cOZXv2wxpM6xhsvRzzGtQfUOHVI8O/pVar49lq9s="

  // swift-format-ignore
  /// `page.js` without its comments and the spaces that only a reader needs.
  static let text = #"""
    'use strict'
    {const{abs,ceil,floor,log10,max,min,round}=Math
    const quantities=['step','epoch','tokens','time']
    const limit=(value,low,high)=>min(max(value,low),high)
    const find=(selector,host=document)=>[...host.querySelectorAll(selector)]
    const add=(parent,name,properties)=>parent.appendChild(Object.assign(document.createElement(name),properties))
    const draw=(parent,name,attributes,words='')=>{const made=parent.appendChild(document.createElementNS('http://www.w3.org/2000/svg',name))
    for(const key in attributes)made.setAttribute(key,attributes[key])
    made.textContent=words
    return made}
    const figure=value=>value==null?'NaN':abs(value)<1e5?Number(value.toPrecision(5)):round(value).toLocaleString('en')
    const duration=value=>value<60?`${figure(value)} s`:value<3600?`${value / 60 | 0} min ${value % 60 | 0} s`:`${value / 3600 | 0} h ${value % 3600 / 60 | 0} min`
    const inWords=(axis,value)=>axis==='time'?duration(value):figure(value)
    const seek=(column,value)=>{let[low,high]=[1,column.length-1]
    while(low<high)column[low+high>>1]<value?low=(low+high>>1)+1:high=low+high>>1
    return low}
    const nearest=(column,value)=>{const next=seek(column,value)
    return value-column[next-1]>=column[next]-value?next:next-1}
    const between=([from,to],value)=>{const next=seek(from,value),last=next-1
    return to[last]+(to[next]-to[last])*(value-from[last])/(from[next]-from[last])}
    const smooth=(values,weight,count=1)=>{let[state,power,decay]=[0,1,weight**count]
    return values.map(value=>value==null?null:(state=state*decay+(1-decay)*value)/(1-(power*=decay)))}
    const scale=([low,high],start,end,isLog)=>{const[bend,unbend]=isLog?[log10,value=>10**value]:[Number,Number]
    const factor=(end-start)/(bend(high)-bend(low))
    const place=value=>start+(bend(value)-bend(low))*factor
    place.back=pixel=>unbend(bend(low)+(pixel-start)/factor)
    return place}
    const ticks=([low,high],count,isLog)=>{const found=[]
    if(isLog&&high>20*low){for(let power=floor(log10(low));10**power<=high;power++)
    for(const factor of high>1e4*low?[1]:[1,2,5])found.push(Number(`${factor}e${power}`))
    return found.filter(value=>value>=low&&value<=high)}
    const power=10**floor(log10((high-low)/count))
    const step=power*([1,2,5].find(factor=>factor*power*count>=high-low)||10)
    for(let index=ceil(low/step);index*step<=high;index++)found.push(index*step)
    return found}
    const chart=(host,data)=>{const{base,axis:first,between:[left,right],log=false,smoothing,clocks,panels,paints}=data
    const[svg]=find('svg',host)
    const[{top,log:wasLogY},last]=[panels[0],panels.at(-1)]
    const bottom=last.top+last.height
    for(const{lines}of panels)for(const line of lines){line.raw=lines[line.smooths]
    line.label=line.name||line.raw?.name
    for(const column of[line.by,line.means?.by||[]])column.reduce((sum,by,index)=>column[index]=sum+by,0)}
    const lines=panels.flatMap(panel=>panel.lines)
    let[axis,hidden,weight,isLogX,isLogY]=[first,new Set(),0,log,wasLogY]
    let zoomed,marked,cursor,across,ups
    const reset=()=>{zoomed=marked=null}
    const colour=name=>`light-dark(${paints[name]})`
    const shown=panel=>panel.lines.filter(line=>!hidden.has(line.label))
    const knows=(axis,clock)=>axis===base||clocks[clock]?.[axis]
    const on=(axis,place,clock=0)=>axis===base?place:between(clocks[clock][axis],place)
    const here=place=>on(axis,place)
    const points=line=>{const raw=weight&&line.raw
    const source=raw?.means||raw||line
    const places=(source.places||={})[axis]||=source.by.map(place=>on(axis,place,line.clock))
    return[places,raw?smooth(source.y,weight,source.count):line.y,source]}
    const domain=()=>{const ends=lines.flatMap(line=>[points(line)[0][0],points(line)[0].at(-1)])
    const[low,high]=zoomed||axis===first&&data.x||[min(...ends),max(...ends)]
    return[isLogX&&low<=0?min(1,high/100):low,high]}
    const heights=(panel,isLog,[from,to])=>{if(!zoomed&&!(isLog&&panel.y[0]<=0))return panel.y
    const seen=shown(panel).flatMap(line=>{const[x,y]=points(line)
    return y.filter((value,index)=>value!=null&&x[index]>=from&&x[index]<=to&&!(isLog&&value<=0))})
    if(!seen.length)return panel.y
    const[low,high]=[min(...seen),max(...seen)]
    const pad=(high-low||abs(high)/100||1)/16
    return isLog?[low/1.1,high*1.1]:[low-pad,high+pad]}
    const[still]=find('.plot',svg)
    const live=draw(svg,'g',{fill:'none','font-size':11,'stroke-linejoin':'round','stroke-linecap':'round'})
    const pointer=draw(svg,'g')
    const upright=x=>`M${across(x)} ${top}V${bottom}`
    const redraw=()=>{const span=domain()
    across=scale(span,left,right,isLogX)
    live.replaceChildren()
    const isOther=zoomed||marked||weight||hidden.size||axis!==first||isLogX!==log||isLogY!==wasLogY
    still.style.display=isOther?'none':''
    ups=panels.map((panel,index)=>{const isLog=index?panel.log:isLogY
    const height=heights(panel,isLog,span)
    const up=scale(height,panel.top+panel.height,panel.top,isLog)
    if(isOther)drawPanel(panel,up,ticks(height,panel.height/45,isLog),ticks(span,7,isLogX))
    return up})
    drawCursor()}
    const drawPanel=(panel,up,yTicks,xTicks)=>{const foot=panel.top+panel.height+17
    const size={x:left,y:panel.top,width:right-left,height:panel.height}
    const inside=draw(live,'svg',{...size,viewBox:Object.values(size).join(' ')})
    const text=(x,y,words,anchor='end')=>
    draw(live,'text',{x,y,fill:colour('muted'),'text-anchor':anchor},words)
    const stroke=(d,paint,dash='none',width=1,opacity=1)=>draw(inside,'path',{d,stroke:colour(paint),'stroke-dasharray':dash,'stroke-width':width,opacity})
    const level=y=>`M${left} ${up(y)}H${right}`
    const stretch=({from,to,paint})=>{const x=across(here(from))
    draw(inside,'rect',{...size,x,width:max(across(here(to))-x,2),fill:colour(paint),opacity:0.12})}
    text(left,panel.top-4,panel.name,'start')
    for(const tick of yTicks){stroke(level(tick),'grid')
    text(left-7,up(tick)+4,figure(tick))}
    for(const tick of xTicks){stroke(upright(tick),'grid')
    if(panel===last)text(across(tick),foot,inWords(axis,tick),'middle')}
    if(panel===last)text(left-7,foot,axis)
    panel.shades.forEach(stretch)
    if(marked)stretch(marked)
    for(const{x,paint}of data.rules)stroke(upright(here(x)),paint,'3 3')
    for(const{y,paint}of panel.levels)stroke(level(y),paint,'2 3')
    for(const{x,low,high,paint}of panel.bands){const edge=column=>column.map((y,index)=>`${across(here(x[index]))} ${up(y)}`)
    draw(inside,'path',{d:`M${[...edge(low), ...edge(high).reverse()].join('L')}Z`,fill:colour(paint),opacity:0.18})}
    for(const line of shown(panel)){const[x,y]=points(line)
    let[d,isOn]=['',false]
    y.forEach((value,index)=>{const place=[across(x[index]),value==null?NaN:limit(up(value),-9e3,9e3)]
    const isThere=place.every(isFinite),words=place.map(pixel=>pixel.toFixed(1)).join(' ')
    if(isThere)d+=`${isOn ? '' : 'M' + words}L${words}`
    isOn=isThere})
    stroke(d,line.paint,line.dash,line.width,line.opacity)}
    for(const{name,x,y,size,paint,isOpen}of panel.marks)if(!hidden.has(name))
    x.forEach((place,index)=>draw(inside,'circle',{cx:across(here(place)),cy:up(y[index]),r:size*0.8,stroke:colour(paint),fill:colour(isOpen?'page':paint),'stroke-width':1.4}))}
    const readout=add(host,'div',{className:'readout',hidden:true,role:'status'})
    const say=words=>Object.assign(readout,{hidden:false,textContent:words})
    const drawCursor=()=>{pointer.replaceChildren()
    readout.hidden=cursor==null
    if(readout.hidden)return
    const[from,to]=domain()
    const rule=draw(pointer,'path',{d:upright(cursor),stroke:colour('muted')})
    const rows=panels.flatMap((panel,index)=>shown(panel).flatMap(line=>{const[x,y,{by}]=points(line)
    const point=nearest(x,cursor)
    const[off,value]=[abs(x[point]-cursor),y[point]]
    if(!line.label||off>max((to-from)/40,x[1]-x[0]))return[]
    const up=limit(ups[index](value),panel.top,panel.top+panel.height)
    return[{line,off,value,place:by[point],across:across(x[point]),up}]})).slice(-12)
    const{line,place}=rows.reduce((a,b)=>b.off<a.off?b:a,{off:Infinity})
    const facts=line&&[...new Set([base,...quantities])].filter(axis=>knows(axis,line.clock)).map(axis=>`${axis === 'time' ? '' : axis + ' '}${inWords(axis, on(axis, place, line.clock))}`)
    add(say(''),'strong',{textContent:facts?facts.join(' · '):inWords(axis,cursor)})
    for(const row of rows){const[box,ink]=[add(readout,'div'),colour(row.line.paint)]
    add(box,'i').style.background=ink
    add(box,'span',{textContent:(row.line.name||'smoothed')+(row.place===place?'':` at ${figure(row.place)}`)})
    add(box,'b',{textContent:figure(row.value)})
    if(row.value!=null)draw(pointer,'circle',{cx:row.across,cy:row.up,r:3,fill:ink})}
    const x=rule.getBoundingClientRect().x-host.getBoundingClientRect().x+host.scrollLeft
    readout.style.left=`${x > host.clientWidth / 2 ? x - readout.offsetWidth - 12 : x + 12}px`}
    let start=null
    const pixel=event=>limit(new DOMPoint(event.clientX,0).matrixTransform(svg.getScreenCTM().inverse()).x,left,right)
    svg.onpointerdown=event=>{start=pixel(event)}
    svg.onpointermove=event=>{const x=pixel(event)
    cursor=across.back(x)
    drawCursor()
    if(start!=null)draw(pointer,'rect',{x:min(start,x),y:top,width:abs(x-start),height:bottom-top,fill:colour('muted'),opacity:0.2})}
    addEventListener('pointerup',event=>{if(start==null)return
    const ends=[start,pixel(event)].sort((a,b)=>a-b)
    start=null
    if(ends[1]-ends[0]>5)zoomed=ends.map(across.back)
    redraw()})
    svg.onpointerleave=svg.onblur=()=>{cursor=null;drawCursor()}
    svg.onkeydown=event=>{const[from,to]=domain(),middle=cursor??(from+to)/2,far=event.shiftKey?10:1
    const[x]=points(lines.reduce((a,b)=>a.by.length>=b.by.length?a:b))
    const move=by=>{cursor=x[limit((cursor==null?0:nearest(x,cursor))+by,0,x.length-1)]}
    const zoom=share=>{zoomed=[from,to].map(end=>middle+(end-middle)*share)}
    const act={ArrowLeft:()=>move(-far),ArrowRight:()=>move(far),'+':()=>zoom(0.5),'-':()=>zoom(2),Escape:reset}[event.key]
    if(!act)return
    event.preventDefault()
    act()
    redraw()}
    svg.tabIndex=0
    svg.ariaRoleDescription='chart; arrows read values, + and − zoom, Escape resets'
    const tools=add(host,'div',{className:'tools'})
    const button=(textContent,onclick,more)=>add(tools,'button',{textContent,onclick,...more})
    const names=[...new Set(lines.map(line=>line.name).filter(Boolean))].slice(-30)
    const buttons=names.map(name=>button(name,event=>{if(event.shiftKey||event.detail>1)hidden=new Set(names.filter(other=>other!==name))
    else if(!hidden.delete(name))hidden.add(name)
    for(const each of buttons)each.ariaPressed=!hidden.has(each.textContent)
    redraw()},{title:'Hide or show; alone by double click or Shift',ariaPressed:true}))
    const control=(words,name,properties,set)=>{const made=add(add(tools,'label',{textContent:words+' '}),name,properties)
    made.oninput=()=>{set(made);redraw()}
    return made}
    const axes=quantities.filter(axis=>axis===first||lines.every(line=>knows(axis,line.clock)))
    if(axes.length>1){const select=control('by','select',{},({value})=>{axis=value;zoomed=cursor=null})
    for(const axis of axes)select.add(new Option(axis,axis,false,axis===first))}
    control('log x','input',{type:'checkbox',checked:log},box=>{isLogX=box.checked})
    control('log y','input',{type:'checkbox',checked:isLogY},box=>{isLogY=box.checked})
    if(lines.some(line=>line.raw)){const ink=find('text',svg).find(text=>text.textContent===smoothing)
    const said=control('smoothing','input',{type:'range',max:0.999,step:0.001,value:0},({value})=>{weight=Number(value)
    said.title=weight?`exponential, weight ${value}`:smoothing
    if(ink)ink.textContent=said.title})}
    button('Reset zoom',()=>{reset();redraw()})
    const source=()=>{const[copy,seen]=[svg.cloneNode(true),find('*',svg)]
    find('*',copy).forEach((made,index)=>{const style=getComputedStyle(seen[index])
    for(const key of['fill','stroke'])if(made.hasAttribute(key))made.setAttribute(key,style[key])
    made.removeAttribute('class')})
    if(still.style.display)copy.querySelector('[style]').remove()
    return new XMLSerializer().serializeToString(copy)}
    const put=(type,ending,part)=>navigator.clipboard.write([new ClipboardItem({[type]:new Blob([part],{type})})]).then(()=>say('Copied.'),()=>{add(host,'a',{href:URL.createObjectURL(new Blob([part])),download:host.id+ending}).click()
    say('Saved as a file: the browser lets no page copy here.')})
    button('Copy SVG',()=>put('text/plain','.svg',source()))
    button('Copy PNG',async()=>{const picture=Object.assign(new Image(),{src:'data:image/svg+xml,'+encodeURIComponent(source())})
    await picture.decode()
    const[width,height]=[picture.width*2,picture.height*2]
    const canvas=Object.assign(document.createElement('canvas'),{width,height})
    canvas.getContext('2d').drawImage(picture,0,0,width,height)
    canvas.toBlob(blob=>put('image/png','.png',blob))})
    host.point=(from,to)=>{[marked,zoomed,cursor]=[{from,to,paint:'warning'},null,here(from)]
    redraw()}
    redraw()}
    for(const data of find('figure > script'))chart(data.parentNode,JSON.parse(data.textContent))
    for(const link of find('a[data-from]'))
    link.onclick=()=>document.querySelector(link.hash)?.point?.(Number(link.dataset.from),Number(link.dataset.to))
    for(const{tHead:{rows:[{cells}]},tBodies:[body]}of find('table:not(.facts)'))for(const header of cells){const value=row=>row.cells[header.cellIndex].dataset.value??row.cells[header.cellIndex].textContent
    const compare=(a,b)=>value(a)-value(b)||value(a).localeCompare(value(b),'en',{numeric:true})
    const sort=()=>{const turn=header.ariaSort==='ascending'?'descending':'ascending'
    const rows=[...body.rows].sort(turn==='ascending'?compare:(a,b)=>compare(b,a))
    for(const other of cells)other.ariaSort=null
    header.ariaSort=turn
    body.append(...rows)}
    Object.assign(header,{tabIndex:0,onclick:sort,onkeydown:event=>{if(event.key==='Enter')sort()}})}}

    """#
}
